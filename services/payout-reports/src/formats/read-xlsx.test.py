# Prints the rows of every sheet of an XLSX file as JSON, with Python's own zipfile and XML parser: a list of rows a sheet.
import json, sys, zipfile
import xml.etree.ElementTree as tree

MAIN = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
RELATION = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
with zipfile.ZipFile(sys.argv[1]) as file:
    assert file.testzip() is None
    tree.fromstring(file.read('[Content_Types].xml'))
    targets = {one.get('Id'): one.get('Target') for one in tree.fromstring(file.read('xl/_rels/workbook.xml.rels'))}
    sheets = []
    for sheet in tree.fromstring(file.read('xl/workbook.xml')).iter(MAIN + 'sheet'):
        rows = []
        for row in tree.fromstring(file.read('xl/' + targets[sheet.get(RELATION)])).iter(MAIN + 'row'):
            cells = []
            for cell in row.iter(MAIN + 'c'):
                if cell.get('t') == 'inlineStr':
                    cells.append(''.join(text.text or '' for text in cell.iter(MAIN + 't')))
                else:
                    value = cell.find(MAIN + 'v')
                    cells.append(None if value is None else float(value.text))
            rows.append(cells)
        sheets.append(rows)
print(json.dumps(sheets))

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shownText } from './shown-text.ts';

const shown = (text: string): string => shownText(text, 'regular');

it.each([
  'Zoë Ångström',
  'Ελένη',
  'Наталья',
  'Հայկ',
  'ნინო',
  'שרה',
  'محمد',
  'Nguyễn Thị Hồng',
  '-1.50',
  'a  b',
  '宮本 雪',
  '张伟',
  '髙橋',
  'ハナコ はなこ「テスト」',
  '김민준',
  'प्रियंका चोपड़ा',
  'শ্রী চক্রবর্তী',
  'ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ',
  'પ્રિયંકા',
  'ପ୍ରିୟଙ୍କା',
  'பிரியங்கா ஸ்ரீ',
  'ప్రియాంక శ్రీ',
  'ಪ್ರಿಯಾಂಕಾ',
  'സ്ത്രീ കൊല്ലം',
  'ශ්‍රී ලංකා',
  'สมชาย น้ำพุ',
  'ສົມຊາຍ',
  'ស្រី ខ្មែរ',
  'ကျွန်ုပ် ကြီး',
  'ሰላም',
  'Ann 🎤',
  '👩‍👩‍👧',
  '❤️',
  '1️⃣',
  '🇯🇵',
  'علی‌رضا',
  'क्‍ष',
])('shows %s unchanged', (text) => {
  expect(shown(text)).toBe(text);
});

it.each([
  ['a\u202eb', 'a\\u{202E}b'],
  ['a\u00a0b', 'a\\u{A0}b'],
  ['a\u200bb', 'a\\u{200B}b'],
  ['a\u200db', 'a\\u{200D}b'],
  ['محمد\u200c', 'محمد\\u{200C}'],
  ['🎤\u200d🎤', '🎤\\u{200D}🎤'],
  ['😀\ufe0f', '😀\\u{FE0F}'],
  ['a\ufe0f', 'a\\u{FE0F}'],
  ['a\u3164b', 'a\\u{3164}b'],
  ['a\u034fb', 'a\\u{34F}b'],
  ['\u2068x', '\\u{2068}x'],
  ['\u0301a', '\\u{301}a'],
  ['\u093f', '\\u{93F}'],
  ['e\u0301\u0301x', 'e\u0301\\u{301}x'],
  [`ก${'\u0e35\u0e48'.repeat(2)}`, 'ก\u0e35\u0e48\\u{E35}\\u{E48}'],
  ['ก\u0e35\u0e48\u0e36\u0e49\u0e37\u0e4a', 'ก\u0e35\u0e48\\u{E36}\\u{E49}\\u{E37}\\u{E4A}'],
  ['宮\u0488', '宮\\u{488}'],
  ['a \u0301', 'a \\u{301}'],
  ['\u{1f9ff}\ue000', '\u{1f9ff}\\u{E000}'],
  ['𒀀', '\\u{12000}'],
  ['\\u{41}', '\\\\u{41}'],
])('writes %j as %j', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('writes different texts differently', () => {
  const unit = fc.constantFrom(
    'a',
    '\\',
    'u',
    '{',
    '}',
    '4',
    '1',
    '宮',
    '\u202e',
    ' ',
    '\u200d',
    '\u200c',
    '\ufe0f',
    '🎤',
    'م',
    'ر',
    'क',
    '\u094d',
    '\u0301',
    'ส',
    'ำ',
  );
  const text = fc.string({ unit, maxLength: 8 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(shown(one) === shown(other)).toBe(one === other);
    }),
  );
});

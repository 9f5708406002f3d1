/** Names of creators by where they live: given names, what they make, and where one in twenty of them lives instead. */
export interface People {
  readonly firstNames: readonly string[];
  readonly themes: readonly string[];
  readonly abroad: readonly string[];
}

export const COUNTRIES = ['ID', 'KR', 'JP', 'IN', 'KW', 'BR', 'NG', 'KE', 'ZA'] as const;

export type Country = (typeof COUNTRIES)[number];

const words = (text: string): string[] => text.split(' ');

export const PEOPLE: Readonly<Record<Country, People>> = {
  ID: {
    firstNames: words(
      'agus ayu bayu budi citra dewi dian eka fajar gita hadi indah joko kartika lestari made nia nur putri rani rizky sari siti tono wayan yuni',
    ),
    themes: words(
      'bakso batik catur dangdut dapur futsal gamelan gunung jamu kopi kucing laut mancing motor pantai puisi resep sawah silat tani teknologi wayang',
    ),
    abroad: ['MY', 'SG', 'TL', 'AU'],
  },
  KR: {
    firstNames: words('minjun seoyeon jiho haeun doyun sua yejun jiwoo hyunwoo minseo taeyang yuna'),
    themes: words('kimchi trot hanbok pocha baduk mukbang webtoon sansa dalgona taekwondo nongak hanok'),
    abroad: ['JP', 'US', 'VN'],
  },
  JP: {
    firstNames: words('haruto yui sota hina ren aoi yuto rin kaito sakura daiki mio'),
    themes: words('ramen origami shogi matsuri onsen karate bento anime tetsudo sado kendo tako'),
    abroad: ['KR', 'US', 'TW'],
  },
  IN: {
    firstNames: words('aarav diya vihaan ananya arjun isha kabir meera rohan saanvi lakshmi ravi sunita gopal'),
    themes: words('rangoli kabaddi chai bhangra rasoi kheti dhol mehndi cricket katha lok kuchipudi'),
    abroad: ['AE', 'NP', 'LK'],
  },
  KW: {
    firstNames: words('abdullah fatima khaled noura yousef maryam salem dana nasser hessa'),
    themes: words('diwaniya majboos oud falcon dhow gahwa shaabi badiya souq pearl'),
    abroad: ['SA', 'BH', 'AE', 'QA'],
  },
  BR: {
    firstNames: words('ana joao maria pedro julia lucas beatriz gabriel larissa mateus rafael camila'),
    themes: words('forro capoeira feijoada futebol samba cordel sertanejo cuscuz roca pesca quadrilha funk'),
    abroad: ['PT', 'PY', 'AO'],
  },
  NG: {
    firstNames: words('chinedu amara tunde ngozi emeka yetunde ibrahim zainab femi adaeze'),
    themes: words('jollof afrobeats nollywood suya ankara highlife ludo farming comedy skits'),
    abroad: ['GH', 'GB', 'BJ'],
  },
  KE: {
    firstNames: words('wanjiku otieno achieng kamau njeri mwangi akinyi kiprop chebet juma'),
    themes: words('ugali benga matatu shamba safari running gengetone kitenge chai kanga'),
    abroad: ['UG', 'TZ', 'RW'],
  },
  ZA: {
    firstNames: words('thabo lerato sipho naledi johan zanele pieter nomvula kagiso ayanda'),
    themes: words('braai amapiano kwaito rugby bunny biltong surf beadwork gumboot stokvel'),
    abroad: ['NA', 'BW', 'LS'],
  },
};

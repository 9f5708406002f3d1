import { benchClose } from './close.ts';
const rows = await benchClose([
  { events: 1_000_000, creators: 100_000, method: 'pro-rata', runs: 1 },
  { events: 1_000_000, creators: 100_000, method: 'user-centric', runs: 1 },
]);
for (const r of rows) console.log(r.name, r.ours.toFixed(2), r.floor.toFixed(2), r.unit);

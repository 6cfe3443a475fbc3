/** The client of Veldboek: what every app builder copies. No DOM: a browser, a worker or Node, with IndexedDB. */
export { Bijlagen, STUK } from './bijlagen.ts';
export { uuid7 } from './bytes.ts';
export { enrol, type Ingeschreven, readUitnodiging, type Uitnodiging } from './inschrijving.ts';
export { type Bestand, openDatabank, Opslag, type Regel, type Uitkomst } from './opslag.ts';
export { Sleutel, works } from './sleutel.ts';
export { Toestel, type Vastlegging } from './toestel.ts';
export { ApiProbleem, type Aanmelding, Onbereikbaar, Verbinding } from './verbinding.ts';
export { unwrap, wrap, Zegel } from './zegel.ts';

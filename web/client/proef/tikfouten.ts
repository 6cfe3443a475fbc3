/** What does not compile: `make check` fails when one of these does. Nothing runs it. */
import { uuid7, type Vastlegging } from '../index.ts';

const moment = new Date().toISOString();
const meld = (inhoud: Extract<Vastlegging, { soort: 'signaal.gemeld' }>['inhoud']): Vastlegging => ({
  ...{ soort: 'signaal.gemeld', versie: 2, onderwerp: { signaal: uuid7() }, waargenomenOp: moment, inhoud },
});

export const good = meld({ bron: 'overlastmelding', gemeente: 'GM0243', tekst: 'licht aan' });
// @ts-expect-error: a name that the contract does not know
export const name = meld({ bron: 'overlastmelding', gemeente: 'GM0243', text: 'licht aan' });
// @ts-expect-error: a value that the contract does not know
export const value = meld({ bron: 'overlast', gemeente: 'GM0243' });
// @ts-expect-error: something that has to be said
export const missing = meld({ bron: 'overlastmelding' });
// @ts-expect-error: a kind that the contract does not know
export const kind: Vastlegging = { ...good, soort: 'signaal.gemeldt' };

/** Which fields of which kind lie elsewhere than in section `zaak`. An app knows the kinds that it writes. */

export const SECTIES = ['omslag', 'zaak', 'tekst', 'persoon', 'hulp', 'melder', 'mensenhandel'] as const;
export type Sectie = (typeof SECTIES)[number];

const all = (sectie: Sectie, ...names: string[]) => Object.fromEntries(names.map((name) => [name, sectie]));

/** The kinds that this app signs. What is not in it goes unsigned. */
export const ELDERS: Readonly<Record<string, Readonly<Record<string, Sectie>>>> = {
  'attendering.gezien': {},
  'bevinding.vastgelegd': { tekst: 'tekst' },
  'bijlage.toegevoegd': { onderschrift: 'tekst' },
  'controle.afgelast': { tekst: 'tekst' },
  'controle.afgerond': {},
  'controle.gepland': {},
  'controle.gestart': {},
  doorhaling: { reden: 'tekst' },
  'hulp.aangeboden': all('hulp', 'aangeboden', 'aanvaard', 'doorverwezenNaar', 'toestemming', 'vervolgt'),
  'locatie.vastgelegd': { plaatsaanduiding: 'tekst' },
  'mensenhandelsignaal.opgevolgd': { zaaknummer: 'mensenhandel' },
  'mensenhandelsignaal.overgedragen': { aan: 'mensenhandel' },
  'mensenhandelsignaal.vastgelegd': all('mensenhandel', 'soort', 'indicatoren', 'mogelijkMinderjarig', 'tekst'),
  'overtreding.vastgesteld': {},
  'persoon.aangetroffen': { rol: 'persoon' },
  'quarantaine.beoordeeld': { reden: 'tekst' },
  'rapportage.opgemaakt': { tekst: 'tekst' },
  'rapportage.vastgesteld': {},
  'rapportage.verstrekt': { gelakteTekst: 'tekst' },
  'signaal.beoordeeld': { tekst: 'tekst' },
  'signaal.gemeld': { tekst: 'tekst', triagetekst: 'melder', advertentie: 'melder' },
  'telling.vastgelegd': {
    ...all('persoon', 'perRol', 'regioHerkomst', 'leeftijdsband'),
    ...all('hulp', 'hulp', 'hulpAangeboden', 'hulpPerSoort', 'toestemming'),
  },
  'verschil.beoordeeld': { reden: 'tekst' },
};

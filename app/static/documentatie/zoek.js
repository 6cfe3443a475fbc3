// Search in the reference: what does not hold all words is hidden. Without script the reference is simply whole.
const veld = document.getElementById('zoek');
const gevonden = document.getElementById('gevonden');
const delen = [...document.querySelectorAll('details.operatie')];
const groepen = [...document.querySelectorAll('main section')];
const tekst = new Map(delen.map((deel) => [deel, deel.textContent.toLowerCase()]));

document.getElementById('zoeken').hidden = false;
veld.addEventListener('input', () => {
  const woorden = veld.value.toLowerCase().split(/\s+/).filter(Boolean);
  let aantal = 0;
  for (const deel of delen) {
    deel.hidden = !woorden.every((woord) => tekst.get(deel).includes(woord));
    aantal += deel.hidden ? 0 : 1;
  }
  for (const groep of groepen) groep.hidden = !groep.querySelector('details.operatie:not([hidden])');
  gevonden.textContent = woorden.length ? `${aantal} gevonden` : '';
});

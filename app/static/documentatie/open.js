// Whoever follows a link to an operation wants to read it: it unfolds. Without script he unfolds it himself.
const ontvouw = () => {
  const doel = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (doel?.matches('details')) doel.open = true;
};
window.addEventListener('hashchange', ontvouw);
ontvouw();

// Noting an obstacle: of the long list of values, only those of the theme chosen are left.
(() => {
  const values = document.querySelector('select[name="value"]');
  const themes = document.querySelectorAll('input[name="theme"]');
  if (!values || !themes.length) return;
  const all = [...values.options].map((option) => ({ option, label: option.textContent }));
  const themeOf = (label) => label.split(/\s:\s/u)[0].trim(); // the space before a colon does not break
  const narrow = () => {
    const chosen = [...themes].find((theme) => theme.checked);
    const theme = chosen ? chosen.closest("label").textContent.trim() : "";
    const before = values.value;
    values.replaceChildren(
      ...all.filter(({ option, label }) => !option.value || !theme || themeOf(label) === theme).map(({ option }) => option),
    );
    values.value = before; // moving options about chooses one of them
    if (values.value !== before) values.value = "";
  };
  themes.forEach((theme) => theme.addEventListener("change", narrow));
  narrow();
})();

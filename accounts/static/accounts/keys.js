// The library reports a failed ceremony as an event, and otherwise says so in the console alone.
document.addEventListener("allauth.error", (event) => {
  const said = document.getElementById("key_error");
  if (said) {
    event.preventDefault();
    said.hidden = false;
  }
});

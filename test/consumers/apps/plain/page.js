document.querySelector('fastio-upload').addEventListener('upload-complete', ({ detail }) => {
  document.querySelector('[data-stored]').textContent = detail.fileId;
});

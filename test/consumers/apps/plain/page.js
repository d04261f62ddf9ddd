document.querySelector('fastio-upload').addEventListener('upload-complete', ({ detail }) => {
  document.querySelector('#stored').textContent = detail.fileId;
});

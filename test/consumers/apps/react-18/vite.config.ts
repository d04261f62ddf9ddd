export default { build: { rolldownOptions: { input: ['index.html', 'edit.html'] } } };

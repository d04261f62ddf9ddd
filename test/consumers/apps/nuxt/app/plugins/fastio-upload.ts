import fastioUpload from 'fastio-upload/vue';

export default defineNuxtPlugin(({ vueApp }) => {
  vueApp.use(fastioUpload);
});

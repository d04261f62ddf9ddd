import fastioUpload from 'fastio-upload/vue';
import { createApp } from 'vue';
import App from './App.vue';

createApp(App).use(fastioUpload).mount('#app');

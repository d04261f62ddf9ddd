import { createSSRApp } from 'vue';
import EditForm from './EditForm.vue';

createSSRApp(EditForm).mount('#app');

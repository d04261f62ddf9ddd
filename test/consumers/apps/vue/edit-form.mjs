/** The edit page as a server renders it. */
import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import EditForm from './src/EditForm.vue';

export const render = () => renderToString(createSSRApp(EditForm));

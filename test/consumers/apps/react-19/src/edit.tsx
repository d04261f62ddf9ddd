import { hydrateRoot } from 'react-dom/client';
import { EditForm } from './edit-form';

const root = document.getElementById('root');
if (root) hydrateRoot(root, <EditForm />);

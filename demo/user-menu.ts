/** The demo's whole sign-in: a cookie that names the user. The server's `authorize` reads it. */

const COOKIE = 'demo-user';

const readUser = (): string | undefined =>
  document.cookie
    .split('; ')
    .find((entry) => entry.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);

export const wireUserMenu = (menu: HTMLSelectElement): void => {
  menu.value = readUser() ?? 'ada';
  menu.addEventListener('change', () => {
    // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store is not yet in every browser of the demo.
    document.cookie = `${COOKIE}=${menu.value}; path=/; SameSite=Lax`;
  });
};

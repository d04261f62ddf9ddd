/** Shared by the build, which makes the index, and the page, which asks it. */
export const SEARCH_OPTIONS = {
  fields: ['heading', 'page', 'text'],
  storeFields: ['heading', 'page'],
  searchOptions: { boost: { heading: 3, page: 2 }, prefix: true, fuzzy: 0.15 },
};

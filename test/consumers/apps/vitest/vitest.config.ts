import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts'],
    projects: ['node', 'jsdom', 'happy-dom'].map((environment) => ({ extends: true, test: { name: environment, environment } })),
  },
});

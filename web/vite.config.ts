import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built into dist/web, from where the service serves it. No inline script or style is left in index.html. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // The first versions with light-dark(), which the style sheets use as it is.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    sourcemap: false,
    // One page behind a log-in, cached for good after the first visit: splitting it would only add round trips.
    chunkSizeWarningLimit: 1_000,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/login': 'http://127.0.0.1:8080' } },
});

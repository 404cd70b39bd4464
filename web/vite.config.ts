import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Relative addresses: the service may stand behind a proxy under any path.
  base: './',
  plugins: [svelte()],
  build: {
    outDir: '../src/jcode_watcher/analytics/static',
    emptyOutDir: true,
    target: 'es2023',
    // The style sheet uses light-dark() as it stands; older targets would get it rewritten.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  // Pure state is tested here; what needs a browser is tested in one (tests/browser).
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});

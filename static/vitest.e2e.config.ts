import { defineConfig } from "vitest/config";

// The flows share one server and one Chromium, and some measure time: one
// after the other.
export default defineConfig({
  test: { include: ["e2e/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 240_000, fileParallelism: false, sequence: { concurrent: false } },
});

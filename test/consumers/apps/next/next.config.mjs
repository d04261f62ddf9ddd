export default {
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  allowedDevOrigins: ['127.0.0.1'],
};

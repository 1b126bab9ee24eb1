export { blameHost } from '../isolation/host_headers.ts';

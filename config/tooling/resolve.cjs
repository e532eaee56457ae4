/** How dependency-cruiser finds a house package: at its source, whether or not it has been built. */

const path = require('node:path');
const { doors } = require('./layers.cjs');

module.exports = {
  resolve: {
    alias: Object.fromEntries(Object.entries(doors).map(([specifier, file]) => [`${specifier}$`, path.resolve(file)])),
  },
};

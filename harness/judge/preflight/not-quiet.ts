/** The code of all that is going on, and ends by itself. */
export const hostNotQuiet = 'HOST_NOT_QUIET'

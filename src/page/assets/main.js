/**
 * The page's beginning.
 *
 * @module
 */
document.title = "gluster-eventing";

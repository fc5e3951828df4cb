/** A style sheet is imported for what it does. The bundle has it as a file of its own. */
declare module '*.css'

/** How often a change is made anew when others were faster: more than can be at work at once in one instance. */
export const MAX_LOST_RACES = 20

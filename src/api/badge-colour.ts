/** Background of a badge; white text on each has a contrast of at least 4.5. */
export function gradeColour(grade: string | null): string {
  switch (grade?.[0]) {
    case 'A':
      return '#1a7f37';
    case 'B':
      return '#4d6b10';
    case 'C':
      return '#8a5a00';
    case 'D':
      return '#a84300';
    case 'F':
      return '#b3261e';
    default:
      return '#5b6670';
  }
}

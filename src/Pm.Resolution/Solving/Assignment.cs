namespace Pm.Resolution.Solving;

/// <summary>A step of the search: the values that are left of a variable.</summary>
/// <param name="Variable">Whose.</param>
/// <param name="Before">What was left before.</param>
/// <param name="After">What is left now.</param>
/// <param name="Cause">What rules the others out; null: it was decided.</param>
/// <param name="Level">How many decisions stood then, this one counted.</param>
/// <param name="Previous">The step before it of the same variable; −1: none.</param>
/// <param name="Bound">How many decisions would have been enough for it.</param>
/// <param name="BoundOfAll">The same of all steps of the variable up to it.</param>
readonly record struct Assignment(
    int Variable, VersionBits Before, VersionBits After, Incompatibility? Cause, int Level, int Previous, int Bound, int BoundOfAll);

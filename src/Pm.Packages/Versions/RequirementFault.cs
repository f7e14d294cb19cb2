namespace Pm.Packages.Versions;

/// <summary>Why a text is not a requirement.</summary>
/// <param name="Position">Of the first character that does not fit, from 0; the length of the text at its end.</param>
/// <param name="Message">Lower case, no full stop: what was expected there, and what stands there.</param>
public readonly record struct RequirementFault(int Position, string Message);

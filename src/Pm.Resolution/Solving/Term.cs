namespace Pm.Resolution.Solving;

/// <summary>That the value of a variable is among some; "not there" may be one of them.</summary>
readonly record struct Term(int Variable, VersionBits Values);

namespace Pm.Cli.Checks;

/// <summary>One thing that <c>pm doctor</c> looks at.</summary>
/// <param name="Name">What it looks at, lower case.</param>
/// <param name="Look">Looks, changes nothing.</param>
sealed record Check(string Name, Func<PmContext, Finding> Look);

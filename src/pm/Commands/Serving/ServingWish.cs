namespace Pm.Cli.Commands.Serving;

/// <summary>What <c>pm serve</c> is asked for, with pmd or without.</summary>
/// <param name="Directories">As typed.</param>
/// <param name="Listen">As typed.</param>
/// <param name="PortFile">As typed.</param>
/// <param name="AccessLog">As typed.</param>
sealed record ServingWish(string[] Directories, string[] Listen, string? PortFile, string? AccessLog);

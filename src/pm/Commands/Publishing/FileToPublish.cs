namespace Pm.Cli.Commands.Publishing;

/// <summary>A package that was named, or built of what was named.</summary>
/// <param name="Name">The path of the <c>.pkg</c>, as typed or absolute.</param>
/// <param name="IsSignedLater">Whether it only lacks its signature because this is a dry run.</param>
sealed record FileToPublish(string Name, bool IsSignedLater);

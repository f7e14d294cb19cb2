using System.Text.Json.Serialization;
using Pm.Packages;

namespace Pm.Daemon.Pages.Packages;

/// <summary>A package that another needs.</summary>
/// <param name="Name">Which.</param>
/// <param name="Requirement">A version or a range, as written; absent: any.</param>
/// <param name="IsHere">Whether the same repository has one of that name.</param>
public sealed record DependencyLine(PackageName Name, string? Requirement, [property: JsonPropertyName("here")] bool IsHere);

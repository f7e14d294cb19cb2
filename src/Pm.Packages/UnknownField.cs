
namespace Pm.Packages;

/// <summary>A key of <c>meta.yaml</c> or of a manifest that pm does not know, and the known one that was perhaps meant.</summary>
public sealed record UnknownField(string Name, TextPosition Position, string? Suggestion);

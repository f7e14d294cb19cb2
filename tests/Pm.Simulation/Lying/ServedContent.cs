namespace Pm.Simulation.Lying;

/// <summary>An honest answer.</summary>
/// <param name="Content">Its body.</param>
/// <param name="Type">Its <c>Content-Type</c>.</param>
public sealed record ServedContent(byte[] Content, string Type);

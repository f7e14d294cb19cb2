namespace Pm.Cli.Tests.Gear;

/// <summary>What a command gave.</summary>
public sealed record StepResult(int Exit, byte[] Output, string Talk);

namespace Pm.Daemon.Pages.Errors;

/// <summary>Something that was perhaps meant.</summary>
/// <param name="Text">What it is called.</param>
/// <param name="Url">Where it is.</param>
public sealed record Suggestion(string Text, string Url);

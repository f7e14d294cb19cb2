namespace Pm.Daemon.Pages;

/// <summary>What a page has to know of the request that it answers.</summary>
/// <param name="Now">For what is said relative to it.</param>
/// <param name="JsonUrl">The same page for programs.</param>
public sealed record PageFrame(DateTimeOffset Now, string JsonUrl);

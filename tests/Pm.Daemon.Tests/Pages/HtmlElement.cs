namespace Pm.Daemon.Tests.Pages;

/// <summary>An element of a page.</summary>
/// <param name="Name">Of its tag.</param>
/// <param name="Attributes">Unescaped; "" for one without a value.</param>
sealed record HtmlElement(string Name, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Of everything in it, unescaped.</summary>
    public string Text { get; set; } = "";

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

using System.Text.Json;

namespace Pm.Daemon.Pages;

/// <summary>What a page says: one value, shown to people by a component and to programs as JSON, its public members.</summary>
public abstract record Page
{
    /// <summary>What the JSON is, in kebab case.</summary>
    internal abstract string Kind { get; }

    /// <summary>What stands in a browser's tab.</summary>
    internal abstract string Title { get; }

    /// <summary>The component that shows it: its parameters are <c>Page</c> and <c>Frame</c>.</summary>
    internal abstract Type View { get; }

    /// <summary>Of the answer.</summary>
    internal virtual int Status => StatusCodes.Status200OK;

    /// <summary>What stands in the search box.</summary>
    internal virtual string Words => "";

    /// <summary>Where the search box looks: a namespace; null: everywhere.</summary>
    internal virtual string? Within => null;

    /// <summary>Writes the one value of <c>data</c>.</summary>
    internal abstract void WriteTo(Utf8JsonWriter json);
}

using Pm.Cli.Manuals;

namespace Pm.Cli.Export;

/// <summary>The libraries of <c>bindings/</c>, as they lie in the executable.</summary>
static class Binding
{
    public static string Go => Read("ebpm.go");

    public static string Node => Read("index.js");

    public static string Python => Read("__init__.py");

    public static string Ruby => Read("ebpm.rb");

    static string Read(string name) => EmbeddedText.Binding(name) ?? throw new System.Diagnostics.UnreachableException($"no {name}");
}

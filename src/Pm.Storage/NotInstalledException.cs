namespace Pm.Storage;

/// <summary>A package was named that the root does not hold.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a name.
public sealed class NotInstalledException : StoreException
#pragma warning restore CA1032
{
    public NotInstalledException(string name, string root)
        : base("PM4014", $"{name} is not installed in {root}", "pm list")
    {
        Name = name;
    }

    public string Name { get; }
}

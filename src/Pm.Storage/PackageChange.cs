namespace Pm.Storage;

/// <summary>What happens to one package; one of the two is null when it comes or goes.</summary>
public sealed record PackageChange(InstalledPackage? Old, InstalledPackage? New)
{
    public Pm.Packages.PackageName Name => (New ?? Old)!.Id.Name;

    /// <summary>Whether files may change; otherwise only what is recorded of it.</summary>
    public bool ChangesFiles => Old?.Hash != New?.Hash;
}

namespace Pm.Packages;

/// <summary>The file names of hooks. Source: docs/formats/package.md.</summary>
public static class HookNames
{
    /// <summary>The folder of hooks in a <c>meta.far</c>; in a <c>.pkg</c> it is <c>bin/</c>.</summary>
    public const string Folder = "meta/bin/";

    /// <summary><c>pre-install</c> and so on.</summary>
    public static string NameOf(HookMoment moment) => moment switch
    {
        HookMoment.PreInstall => "pre-install",
        HookMoment.PostInstall => "post-install",
        HookMoment.PreUpgrade => "pre-upgrade",
        HookMoment.PostUpgrade => "post-upgrade",
        HookMoment.PreRemove => "pre-remove",
        HookMoment.PostRemove => "post-remove",
        _ => throw new ArgumentOutOfRangeException(nameof(moment), moment, null),
    };

    /// <summary>Reads <see cref="NameOf"/>'s names, and <c>pre-ugrade</c>, which the original's README asked for.</summary>
    public static bool TryParse(string name, out HookMoment moment)
    {
        HookMoment? found = name switch
        {
            "pre-install" => HookMoment.PreInstall,
            "post-install" => HookMoment.PostInstall,
            "pre-upgrade" or "pre-ugrade" => HookMoment.PreUpgrade,
            "post-upgrade" or "post-ugrade" => HookMoment.PostUpgrade,
            "pre-remove" => HookMoment.PreRemove,
            "post-remove" => HookMoment.PostRemove,
            _ => null,
        };
        moment = found.GetValueOrDefault();
        return found is not null;
    }
}

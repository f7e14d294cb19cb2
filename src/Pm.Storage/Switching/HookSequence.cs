using Pm.Packages;

namespace Pm.Storage.Switching;

/// <summary>The scripts of a change, in order: what goes first, then what comes, what others depend on before these.</summary>
sealed class HookSequence
{
    readonly ChangePlan _plan;
    readonly Action<HookCall>? _run;

    public HookSequence(ChangePlan plan, Action<HookCall>? run)
    {
        _plan = plan;
        _run = run;
    }

    /// <summary>All that is due, in order.</summary>
    public IEnumerable<DueHook> Due() =>
        Due(HookMoment.PreRemove, HookMoment.PreUpgrade, HookMoment.PreInstall)
            .Concat(Due(HookMoment.PostRemove, HookMoment.PostUpgrade, HookMoment.PostInstall))
            .Select(due => due.Hook);

    public void Before(string contentPath, CancellationToken cancellation) =>
        Run(HookMoment.PreRemove, HookMoment.PreUpgrade, HookMoment.PreInstall, contentPath, cancellation);

    public void After(string contentPath, CancellationToken cancellation) =>
        Run(HookMoment.PostRemove, HookMoment.PostUpgrade, HookMoment.PostInstall, contentPath, cancellation);

    void Run(
        HookMoment remove, HookMoment upgrade, HookMoment install, string contentPath, CancellationToken cancellation)
    {
        if (_run is null)
        {
            return;
        }
        foreach (var (hook, other) in Due(remove, upgrade, install))
        {
            cancellation.ThrowIfCancellationRequested();
            _run(new HookCall(hook.Moment, hook.Package, other, contentPath));
        }
    }

    IEnumerable<(DueHook Hook, PackageVersion? Other)> Due(HookMoment remove, HookMoment upgrade, HookMoment install) =>
        from change in InOrder()
        let moment = change.New is null ? remove : change.Old is null ? install : upgrade
        let package = _plan.Shelf[(change.New ?? change.Old)!.Hash]
        where package.Hook(moment) is not null
        select (new DueHook(moment, package), change.New is null ? null : change.Old?.Id.Version);

    List<PackageChange> InOrder()
    {
        var files = _plan.Packages.Where(c => c.ChangesFiles).ToList();
        var done = new HashSet<PackageName>();
        var order = new List<PackageChange>();
        foreach (var change in files.Where(c => c.New is null).Concat(files.Where(c => c.New is not null)))
        {
            Visit(change, files, done, order);
        }
        return order;
    }

    void Visit(PackageChange change, List<PackageChange> all, HashSet<PackageName> done, List<PackageChange> order)
    {
        if (!done.Add(change.Name))
        {
            return;
        }
        var description = _plan.Shelf[(change.New ?? change.Old)!.Hash].Description;
        foreach (var name in description is null ? [] : description.Dependencies.Select(d => d.Name).Concat(description.Requires.Keys))
        {
            // What goes, goes before what it needed.
            if (change.New is not null && all.Find(c => c.New is not null && c.Name == name) is { } needed)
            {
                Visit(needed, all, done, order);
            }
        }
        order.Add(change);
    }
}

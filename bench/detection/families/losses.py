"""The losses, over predictions p and targets z of [samples, dims] or [samples, positions, dims]."""
import torch
import torch.nn.functional as F


def rows(z, over):
    """What a regulariser takes the variance over, as [groups, rows, dims]: all rows, the samples at each position, or the mean over positions."""
    if z.ndim == 2:
        return z[None]
    return {"flat": lambda: z.flatten(0, 1)[None], "position": lambda: z.transpose(0, 1), "pooled": lambda: z.mean(1)[None]}[over]()


def off_diagonal(c):
    return (c**2).sum((1, 2)) - (torch.diagonal(c, dim1=1, dim2=2) ** 2).sum(1)


def variance_hinge(z):
    return F.relu(1 - (z.var(1) + 1e-4).sqrt()).mean()


def covariance(z):
    z = z - z.mean(1, keepdim=True)
    return (off_diagonal(z.transpose(1, 2) @ z / (z.shape[1] - 1)) / z.shape[2]).mean()


def sigreg(z, generator):
    """LeJEPA's statistic on 32 fresh slices, a mean over rows."""
    z = z.flatten(0, 1)
    a = torch.randn(z.shape[1], 32, generator=generator)
    t = torch.linspace(0, 3, 17)
    phi = torch.exp(-t * t / 2)
    x = (z @ (a / a.norm(dim=0)))[..., None] * t
    misfit = (torch.cos(x).mean(0) - phi).pow(2) + torch.sin(x).mean(0).pow(2)
    return torch.trapz(misfit * phi, t, dim=-1).mean() * 2


def barlow(p, z, off=0.01):
    p, z = ((x - x.mean(0)) / (x.std(0) + 1e-5) for x in (p.flatten(0, -2), z.flatten(0, -2)))
    c = p.T @ z / len(z)
    return ((1 - torch.diagonal(c)) ** 2).mean() + off * off_diagonal(c[None])[0] / z.shape[1]


def contrast(p, z, temperature, negatives):
    """InfoNCE between samples; with `negatives` 0 only the alignment of pairs is left."""
    p, z = F.normalize(p, dim=-1), F.normalize(z, dim=-1)
    if not negatives:
        return 1 - (p * z).sum(-1).mean()
    p, z = (x[:, None] if x.ndim == 2 else x for x in (p, z))
    scores = torch.einsum("npd,mpd->pnm", p, z) / temperature
    return F.cross_entropy(scores.flatten(0, 1), torch.arange(len(p)).repeat(scores.shape[0])) * temperature


def distil(p, z, center, sharp):
    """DINO's cross-entropy of two softmaxes; `center` is the teacher's running mean."""
    teacher = F.softmax((z - center) / sharp, dim=-1)
    return -(teacher * F.log_softmax(p / 0.1, dim=-1)).sum(-1).mean()


def pull(z, k):
    """Draws each row to the nearest of k fixed points on a sphere of radius 1 a dimension."""
    points = torch.randn(k, z.shape[-1], generator=torch.Generator().manual_seed(k))
    points = F.normalize(points, dim=1) * z.shape[-1] ** 0.5
    flat = z.flatten(0, -2)
    return ((flat - points[torch.cdist(flat.detach(), points).argmin(1)]) ** 2).mean()


def distance(name, p, z):
    if name == "cos":
        return 1 - F.cosine_similarity(p, z, dim=-1).mean()
    return F.smooth_l1_loss(p, z) if name == "sl1" else F.mse_loss(p, z)

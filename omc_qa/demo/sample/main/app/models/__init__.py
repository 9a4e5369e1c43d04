from app.models.accounts import User
from app.models.agents import AgentSession, Artifact
from app.models.market import CatalystEvent, NewsSentiment, PriceTick, SocialPost
from app.models.trading import Algorithm, Order

__all__ = [
    "AgentSession", "Algorithm", "Artifact", "CatalystEvent", "NewsSentiment", "Order", "PriceTick",
    "SocialPost", "User",
]
